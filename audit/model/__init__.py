"""The values that flow through the project: frozen, typed, without behaviour of their own."""
