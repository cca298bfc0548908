"""Arrays to coloured pictures and files, without Qt."""
