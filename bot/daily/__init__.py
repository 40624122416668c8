"""One piece of advice a day: when a channel's is due, which it is, and how it gets there."""
