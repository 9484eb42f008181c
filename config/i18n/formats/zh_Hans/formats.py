"""9月5日, not 09月5日; 12,345, as shops write amounts."""

MONTH_DAY_FORMAT = "n月j日"
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
