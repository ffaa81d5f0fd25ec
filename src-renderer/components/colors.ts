/** The tokens canvas drawing uses. */
export interface ChartColors {
  readonly line: string;
  readonly ink: string;
  readonly faint: string;
  readonly accent: string;
  readonly band: string;
  readonly alarm: string;
  readonly change: string;
  readonly action: string;
}

/** Resolves tokens to colours a canvas knows (`light-dark()` means nothing to it), in the scheme in effect at `place`. */
export function readChartColors(place: HTMLElement): ChartColors {
  const probe = document.createElement('span');
  place.append(probe);
  const read = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colors = {
    line: read('--line'),
    ink: read('--ink-2'),
    faint: read('--ink-3'),
    accent: read('--accent'),
    band: read('--band'),
    alarm: read('--bad'),
    change: read('--warn'),
    action: read('--good'),
  };
  probe.remove();
  return colors;
}
