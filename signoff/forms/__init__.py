"""Forms of the lowest floor: a module for each topic. They convert and judge the writing, they save nothing."""
