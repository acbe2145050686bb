"""The report as one self-contained HTML file: template, style, and charts drawn as SVG."""
