"""Translation: compiling catalogues without gettext, date formats, texts of libraries that we translate."""
