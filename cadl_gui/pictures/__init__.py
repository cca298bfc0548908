"""Arrays become images and films in files, without Qt: for the window and the command line alike."""
