import type { Shape } from '../format/words.ts';

const PATHS: Readonly<Record<Shape, string>> = {
  dot: 'M8 3.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z',
  ring: 'M8 3.2a4.8 4.8 0 1 1 0 9.6 4.8 4.8 0 0 1 0-9.6Z',
  check: 'M3 8.6 6.4 12 13 4.6',
  cross: 'M4 4l8 8M12 4l-8 8',
  bang: 'M8 2.6V9.4M8 12.2v1.2',
  diamond: 'M8 2.4 13.6 8 8 13.6 2.4 8Z',
  dash: 'M3.5 8h9',
};
const FILLED: readonly Shape[] = ['dot', 'diamond'];

/** A state's shape. Always beside its word, so it is hidden from screen readers. */
export function ShapeIcon({ shape }: { readonly shape: Shape }) {
  const filled = FILLED.includes(shape);
  return (
    <svg className="shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[shape]} fill={filled ? 'currentColor' : 'none'} stroke={filled ? 'none' : 'currentColor'} />
    </svg>
  );
}
