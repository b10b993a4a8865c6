"""The calls about one account, of platforms whose own file would grow too long with them."""
