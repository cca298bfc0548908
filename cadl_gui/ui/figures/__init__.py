"""What every picture and plot has: its frame, its items, hover, zoom, copying and saving."""
