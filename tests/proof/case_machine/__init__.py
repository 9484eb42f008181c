"""A stateful property test of cases: the product's actions at random, compared with a small model."""
