#!/usr/bin/env python3
"""Turns a terminal's screen, as tmux captures it with colours, into an SVG.

    tmux capture-pane -ep | .ci/picture.py TITLE > picture.svg
"""
import html
import re
import sys

CELL, LINE, PAD, BAR = 8.43, 18, 18, 34
BASIC = ["#1b1f27", "#ff938a", "#7ee2a8", "#f2cc60", "#7aa7ff", "#c9a6f5", "#66d9e8", "#d5d9e0"]
BRIGHT = ["#6b7280", "#ffaaa3", "#9cf0bf", "#ffe08a", "#9dbdff", "#dcc2ff", "#8ce9f5", "#ffffff"]
TEXT, BACK = "#d5d9e0", "#14171d"


def indexed(n):
    if n < 16:
        return (BASIC + BRIGHT)[n]
    if n > 231:
        return "#%02x%02x%02x" % ((8 + (n - 232) * 10,) * 3)
    n -= 16
    return "#%02x%02x%02x" % tuple(0 if v == 0 else 55 + 40 * v for v in (n // 36, n // 6 % 6, n % 6))


def sgr(codes, style):
    """Applies one escape sequence's codes to a style: colour, bold, dim, italic, reverse."""
    while codes:
        c = codes.pop(0)
        if c == 0:
            style = {}
        elif c in (1, 2, 3, 7):
            style = {**style, c: True}
        elif c in (22, 23, 27):
            style = {k: v for k, v in style.items() if k not in {22: (1, 2), 23: (3,), 27: (7,)}[c]}
        elif c in (38, 48):
            kind = codes.pop(0)
            color = indexed(codes.pop(0)) if kind == 5 else "#%02x%02x%02x" % (codes.pop(0), codes.pop(0), codes.pop(0))
            style = {**style, "fg" if c == 38 else "bg": color}
        elif c == 39:
            style = {k: v for k, v in style.items() if k != "fg"}
        elif c == 49:
            style = {k: v for k, v in style.items() if k != "bg"}
        elif 30 <= c <= 37:
            style = {**style, "fg": BASIC[c - 30]}
        elif 90 <= c <= 97:
            style = {**style, "fg": BRIGHT[c - 90]}
    return style


def runs(line, style):
    """Splits a line into (text, style) pairs and returns the style it ends with."""
    out = []
    for part in re.split(r"(\x1b\[[0-9;:]*m)", line):
        if part.startswith("\x1b["):
            style = sgr([int(c or 0) for c in re.split("[;:]", part[2:-1])], style)
        elif part:
            out.append((re.sub(r"\x1b\][^\x07\x1b]*(\x07|\x1b\\)|\x1b.", "", part), style))
    return out, style


def main():
    title = sys.argv[1] if len(sys.argv) > 1 else ""
    lines = sys.stdin.read().rstrip("\n").split("\n")
    style, body, width = {}, [], 80
    for y, line in enumerate(lines):
        x = 0
        parts, style = runs(line, style)
        for text, s in parts:
            fg, bg = s.get("fg", TEXT), s.get("bg")
            if s.get(7):
                fg, bg = bg or BACK, fg
            left, top = PAD + x * CELL, BAR + PAD + y * LINE
            if bg:
                body.append(f'<rect x="{left:.1f}" y="{top - 13.5:.1f}" width="{len(text) * CELL:.1f}" height="{LINE}" fill="{bg}"/>')
            if text.strip():
                extra = (' font-weight="bold"' if s.get(1) else "") + (' font-style="italic"' if s.get(3) else "")
                body.append(f'<text x="{left:.1f}" y="{top}" fill="{fg}"{extra} textLength="{len(text) * CELL:.1f}"'
                            f' lengthAdjust="spacingAndGlyphs" xml:space="preserve">{html.escape(text)}</text>')
            x += len(text)
        width = max(width, x)
    w, h = 2 * PAD + width * CELL, BAR + 2 * PAD + len(lines) * LINE - 6
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}"'
          f' font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14">')
    print(f'<rect width="100%" height="100%" rx="10" fill="{BACK}"/>')
    for i, color in enumerate(("#ff938a", "#f2cc60", "#7ee2a8")):
        print(f'<circle cx="{PAD + i * 18 + 4}" cy="18" r="5.5" fill="{color}"/>')
    print(f'<text x="{w / 2:.0f}" y="23" fill="#8b93a1" text-anchor="middle" font-size="13">{html.escape(title)}</text>')
    print("\n".join(body))
    print("</svg>")


main()
