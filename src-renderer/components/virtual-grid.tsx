// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by pixels, which table elements cannot be
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid holds the focus and names its active row
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { scrollToRow, windowRows } from './grid-window.ts';

export interface GridColumn {
  readonly id: string;
  readonly title: ReactNode;
  readonly className?: string;
}

interface VirtualGridProps {
  readonly label: string;
  readonly columns: readonly GridColumn[];
  /** Rows that can be scrolled to. */
  readonly rows: number;
  /** Rows there are in all, when more can be loaded than can be scrolled to yet. */
  readonly total?: number;
  readonly rowHeight: number;
  readonly className?: string;
  /** Custom properties for the column template: widths known only from the data. */
  readonly measures?: Readonly<Record<`--${string}`, string | number>>;
  /** The cells of a row, one a column, or null while it is not loaded. */
  readonly renderRow: (row: number) => readonly ReactNode[] | null;
  readonly rowKey: (row: number) => string;
  readonly selected?: number | null;
  readonly initialActive?: number;
  readonly focusAtStart?: boolean;
  /** Enter, Space or a click; without it rows are only read. */
  readonly onActivate?: (row: number) => void;
  /** Told which rows are in view, so that they can be loaded. */
  readonly onView?: (from: number, to: number) => void;
}

const HEADER = 30;

/**
 * A grid that draws only the rows in view. The focus stays on the grid; the active row is named by
 * `aria-activedescendant`, so that a million rows need no million elements.
 */
export function VirtualGrid(props: VirtualGridProps) {
  const { rows, rowHeight, columns, onView, onActivate, selected = null } = props;
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const [scrollTop, setScrollTop] = useState(0);
  const [viewport, setViewport] = useState(600);
  const [active, setActive] = useState(props.initialActive ?? 0);
  const current = Math.min(active, Math.max(0, rows - 1));
  const view = windowRows({ rows, rowHeight, viewport }, scrollTop);

  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setViewport(element.clientHeight));
    observer.observe(element);
    setViewport(element.clientHeight);
    return () => observer.disconnect();
  }, []);
  useEffect(() => onView?.(view.from, view.to), [onView, view.from, view.to]);
  const reveal = (row: number) => {
    const element = ref.current;
    if (element === null) return;
    element.scrollTop = scrollToRow({ rows, rowHeight, viewport }, element.scrollTop, row, HEADER);
    setScrollTop(element.scrollTop);
  };
  const shown = useRef(selected);
  useEffect(() => {
    // chosen elsewhere (a link, a number typed): brought into view; a row that was clicked is there already
    if (selected === shown.current) return;
    shown.current = selected;
    if (selected === null || selected >= rows) return;
    setActive(selected);
    reveal(selected);
  });
  const { focusAtStart = false } = props;
  useEffect(() => {
    if (focusAtStart) ref.current?.focus({ preventScroll: true });
  }, [focusAtStart]);

  const activate = (row: number) => {
    setActive(row);
    onActivate?.(row);
  };
  const move = (to: number) => {
    const row = Math.min(Math.max(0, to), Math.max(0, rows - 1));
    setActive(row);
    reveal(row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== ref.current || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor((viewport - HEADER) / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: rows - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if ((event.key === 'Enter' || event.key === ' ') && rows > 0) onActivate?.(current);
    else return;
    event.preventDefault();
  };

  const drawn: ReactNode[] = [];
  for (let row = view.from; row < view.to; row += 1) {
    const cells = props.renderRow(row);
    const key = props.rowKey(row);
    drawn.push(
      // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys for its rows
      <div
        key={key}
        id={`${id}-${row}`}
        role="row"
        aria-rowindex={row + 2}
        aria-selected={selected === row}
        data-active={current === row ? '' : undefined}
        className={onActivate === undefined ? 'grid-row' : 'grid-row grid-row-open'}
        style={{ height: rowHeight, transform: `translateY(${view.offset + (row - view.from) * rowHeight}px)` }}
        onClick={() => activate(row)}
      >
        {columns.map((column, index) => (
          <div key={column.id} role="gridcell" className={column.className}>
            {cells === null ? <span className="skeleton" /> : cells[index]}
          </div>
        ))}
      </div>,
    );
  }

  return (
    <div
      ref={ref}
      className={`grid ${props.className ?? ''}`}
      role="grid"
      aria-label={props.label}
      aria-rowcount={(props.total ?? rows) + 1}
      aria-colcount={columns.length}
      tabIndex={0}
      aria-activedescendant={rows > 0 && current >= view.from && current < view.to ? `${id}-${current}` : undefined}
      style={props.measures as CSSProperties | undefined}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" className="grid-head">
        <div role="row" aria-rowindex={1} className="grid-row" tabIndex={-1}>
          {columns.map((column) => (
            <div key={column.id} role="columnheader" tabIndex={-1} className={column.className}>
              {column.title}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="grid-body" style={{ height: view.height }}>
        {drawn}
      </div>
    </div>
  );
}
