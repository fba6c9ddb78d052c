-- Limits are given to an address or a key, not to a library: all runs on a machine share them now (machine.sql).
DROP TABLE service_budget;
DROP TABLE service_pace;
