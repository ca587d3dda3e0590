"""Builds, images and starts measured with the user's own engine; nothing it made is left behind."""
