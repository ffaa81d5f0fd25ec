import type { Tone } from '../../../format/words.ts';

export interface MeterPart {
  readonly tone: Tone;
  readonly value: number;
}

/** Of hundredths: three of twenty thousand are still to be seen. */
const LEAST = 1;

/** Parts of a whole as a bar. The words and figures stand beside it, so it is hidden from screen readers. */
export function Meter({ parts, whole }: { readonly parts: readonly MeterPart[]; readonly whole: number }) {
  let start = 0;
  return (
    <svg className="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {whole <= 0
        ? null
        : parts.map(({ tone, value }) => {
            const x = start;
            const width = value <= 0 ? 0 : Math.max(LEAST, (value / whole) * 100);
            start += width;
            return <rect key={tone} className={`fill-${tone}`} x={x} y={0} width={width} height={6} />;
          })}
    </svg>
  );
}
