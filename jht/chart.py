"""A stacked bar chart by year, drawn on the server as SVG: no script, no inline style, the page's own colours.

The picture of a list that stands beside it: the SVG carries a title and a description in words, the list every figure.
Places across are percentages and places down are pixels, so that it fills any width while letters, lines and patterns
keep their size (portal/css/chart.css leaves the margin in which the amounts stand).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jht.rules import YearLine
from jht.words import rupiah

TOP, PLOT, BOTTOM = 14, 220, 30  # pixels: above the highest line, between the lines, below for the years
NAMES, NAMES_WIDE = 4, 11  # at most so many years are named below the bars: on a telephone, on a desk
WIDEST = Decimal(12)  # percent of the width that one bar takes at most
LEAST = Decimal(1_000)  # rupiah; below that nothing is worth a line of its own

# Colour is not all that tells them apart: paid is plain, earned is hatched, taken is dotted.
PATTERNS = SafeString(
    '<defs><pattern id="bagan-hasil" class="chart__hatched" width="7" height="7" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="7" height="7"/><path d="M1 0V7"/></pattern>'
    '<pattern id="bagan-keluar" class="chart__dotted" width="7" height="7" patternUnits="userSpaceOnUse">'
    '<rect width="7" height="7"/><circle cx="2" cy="2" r="1.3"/><circle cx="5.5" cy="5.5" r="1.3"/></pattern></defs>'
)
FILLS = {"paid": "currentColor", "earned": "url(#bagan-hasil)", "taken": "url(#bagan-keluar)"}


@dataclass(frozen=True)
class Bar:
    """One year. Rupiah; what stands above the line (contributions, returns) and what was taken out, none negative."""

    label: str
    contributions: Decimal
    returns: Decimal
    withdrawals: Decimal = Decimal(0)

    @property
    def closing(self) -> Decimal:
        """What is left: the height of the line."""
        return self.contributions + self.returns - self.withdrawals


def growing(lines: Iterable[YearLine]) -> list[Bar]:
    """The savings at the end of each year: what came in so far, what it earned so far, what went out so far.

    A correction belongs to what was paid in; what came from another KPJ was paid in too, and what went to another
    was taken out. The closing balance of each bar is the year's own.
    """
    bars, paid, earned, taken = [], Decimal(0), Decimal(0), Decimal(0)
    for number, line in enumerate(lines):
        paid += line.contributions + line.corrections + max(line.transfers, Decimal(0))
        paid += Decimal(0) if number else line.opening
        earned += line.returns
        taken -= line.withdrawals + min(line.transfers, Decimal(0))
        # Corrections may exceed what was paid: nothing is drawn below the line that does not say "taken".
        below = [max(-amount, Decimal(0)) for amount in (paid, earned)]
        bars.append(Bar(str(line.year), paid + below[0], earned + below[1], taken + sum(below)))
    return bars


def in_words(bars: Sequence[Bar], what: str = "Iuran") -> str:
    """The chart in three sentences. `what`: what the plain part of a bar is made of."""
    first, last = bars[0], bars[-1]
    highest = max(bars, key=lambda bar: bar.closing)
    told = [
        f"Satu batang setiap tahun, {first.label} sampai {last.label}." if first != last else f"Tahun {last.label}.",
        f"{what} yang terkumpul di bawah, hasil pengembangan di atasnya"
        + (", yang sudah keluar di bawah garis nol." if any(bar.withdrawals for bar in bars) else "."),
    ]
    if first != last:
        told.append(f"Saldo akhir {first.label} {rupiah(first.closing)}.")
    if highest not in (first, last):
        told.append(f"Tertinggi {rupiah(highest.closing)}, pada akhir {highest.label}.")
    parts = f"{what.lower()} {rupiah(last.contributions)}, hasil pengembangan {rupiah(last.returns)}"
    if last.withdrawals:
        parts += f", keluar {rupiah(last.withdrawals)}"
    told.append(f"Saldo {last.label} {rupiah(last.closing)}: {parts}.")
    return " ".join(told)


def stacked(years: Sequence[Bar], title: str, describe: str) -> SafeString:
    """The chart of these years, oldest first; `describe` says in words what it shows."""
    top = max([LEAST, *(bar.contributions + bar.returns for bar in years)])
    low = max((bar.withdrawals for bar in years), default=Decimal(0))
    step = nice_step(top + low)
    upper, lower = ((amount / step).to_integral_value(ROUND_CEILING) * step for amount in (top, low))
    scale = PLOT / (upper + lower)
    zero = TOP + upper * scale
    slot = Decimal(100) / max(len(years), 1)
    width = min(slot * Decimal("0.76"), WIDEST)

    def middle(number: int) -> Decimal:
        return slot * number + slot / 2

    def grid():
        for number in range(int((upper + lower) / step) + 1):
            amount = upper - step * number
            y = zero - amount * scale
            yield at(y), at(y), at(y + 4), short(amount)

    def bars():
        for number, bar in enumerate(years):
            paid, earned, taken = (amount * scale for amount in (bar.contributions, bar.returns, bar.withdrawals))
            for name, y, height in (
                ("paid", zero - paid, paid),
                ("earned", zero - paid - earned, earned),
                ("taken", zero, taken),
            ):
                if height:
                    yield name, FILLS[name], at(middle(number) - width / 2), at(y), at(width), at(height)

    def closing():
        """From year to year, where it is not the top of the bars anyway."""
        if low:
            heights = [(at(middle(number)), at(zero - bar.closing * scale)) for number, bar in enumerate(years)]
            yield from ((*here, *there) for here, there in zip(heights, heights[1:] or heights, strict=False))

    def names():
        """Counted from the last year, which is the one that is looked for."""
        few, many = (-(-len(years) // most) for most in (NAMES, NAMES_WIDE))
        for number, bar in enumerate(years):
            before = len(years) - 1 - number
            if before % few == 0 or before % many == 0:
                shown = "" if before % few == 0 and before % many == 0 else " few" if before % few == 0 else " many"
                yield shown.replace(" ", " chart__year--"), at(middle(number)), TOP + PLOT + BOTTOM - 8, bar.label

    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img" aria-labelledby="bagan-judul" '
        'aria-describedby="bagan-isi"><title id="bagan-judul">{}</title><desc id="bagan-isi">{}</desc>'
        "{}{}{}{}{}{}</svg>",
        TOP + PLOT + BOTTOM,
        title,
        describe,
        PATTERNS,
        format_html_join(
            "",
            '<line class="chart__grid" x1="0" x2="100%" y1="{}" y2="{}"/>'
            '<text class="chart__amount" x="-8" y="{}">{}</text>',
            grid(),
        ),
        format_html_join(
            "",
            '<rect class="chart__bar chart__bar--{}" fill="{}" x="{}%" y="{}" width="{}%" height="{}"/>',
            bars(),
        ),
        format_html('<line class="chart__zero" x1="0" x2="100%" y1="{}" y2="{}"/>', at(zero), at(zero)),
        format_html_join("", '<line class="chart__closing" x1="{}%" y1="{}" x2="{}%" y2="{}"/>', closing()),
        format_html_join("", '<text class="chart__year{}" x="{}%" y="{}">{}</text>', names()),
    )


def nice_step(span: Decimal) -> Decimal:
    """A round distance between lines, so that three to six fit into `span`.

    >>> nice_step(Decimal(19_409_470)), nice_step(Decimal(3_000))
    (Decimal('5000000'), Decimal('1000'))
    """
    size = 10 ** (len(str(int(span))) - 1)
    step = next(part for part in (2, 5, 10, 20, 50) if size * part * 5 >= span * 10)
    return Decimal(size * step) / 10


def short(amount: Decimal) -> str:
    """An amount beside the axis.

    >>> short(Decimal(15_000_000)), short(Decimal(1_500_000_000)), short(Decimal(500_000)), short(Decimal(-2_000_000))
    ('Rp15\xa0jt', 'Rp1,5\xa0M', 'Rp500\xa0rb', '−Rp2\xa0jt')
    """
    units = ((10**9, " M"), (10**6, " jt"), (10**3, " rb"), (1, ""))
    size, unit = next((pair for pair in units if abs(amount) >= pair[0]), (1, ""))
    figure = f"{abs(amount) / size:.2f}".rstrip("0").removesuffix(".").replace(".", ",")
    return f"{'−' if amount < 0 else ''}Rp{figure}{unit}".replace(" ", "\N{NO-BREAK SPACE}")


def at(value: Decimal) -> str:
    """A place in the drawing, to a hundredth: no locale may put a comma into it."""
    return f"{value:.2f}"
