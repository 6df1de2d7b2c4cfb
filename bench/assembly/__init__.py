"""How long a plan's PDF takes from the button to the file, beside LibreOffice and Chromium with the same content."""
