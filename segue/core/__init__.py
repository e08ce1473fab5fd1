"""The core: pure. No clock, file, socket, thread, random or logging; values in, values out."""
