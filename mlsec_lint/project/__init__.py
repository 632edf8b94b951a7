"""What the scanned project says about itself: its roots, and the versions of libraries that it allows."""
