"""What is the same: names in texts, Items and Stories. Pure: no clock, no files, no network."""
