import type { Problem } from '#shared/model/verdict.ts';
import { type GridColumn, VirtualGrid } from '../../components/virtual-grid.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { formatRoute } from '../../navigation/route.ts';

interface ProblemTableProps {
  readonly problems: readonly Problem[];
  /** All there are; the list may be cut off. */
  readonly count: number;
  /** Of the own store, whose records are a step away, or of a file, whose lines are told. */
  readonly what: 'store' | 'file';
}

const SEQ: GridColumn = { id: 'seq', title: 'Record', className: 'col-record' };
const REST: readonly GridColumn[] = [
  { id: 'code', title: 'Code', className: 'col-code' },
  { id: 'message', title: 'What is wrong', className: 'col-message' },
];
const COLUMNS: Readonly<Record<ProblemTableProps['what'], readonly GridColumn[]>> = {
  store: [SEQ, ...REST],
  file: [{ id: 'line', title: 'Line', className: 'col-line' }, SEQ, ...REST],
};

/** Every problem with the exact record and the reason. In the own trail a row leads to its record. */
export function ProblemTable({ problems, count, what }: ProblemTableProps) {
  const open = (row: number) => {
    const seq = problems[row]?.seq;
    if (seq !== undefined) window.location.hash = formatRoute({ screen: 'audit', filter: {}, seq });
  };
  return (
    <div className="problems">
      <h3>
        {formatPlural(count, 'problem')}
        {problems.length < count ? `, the first ${formatCount(problems.length)} listed` : ''}
      </h3>
      <VirtualGrid
        label="Problems"
        className={`problem-grid problem-grid-${what}`}
        columns={COLUMNS[what]}
        rows={problems.length}
        rowHeight={30}
        rowKey={(row) => String(row)}
        renderRow={(row) => {
          const problem = problems[row];
          return problem === undefined ? null : renderProblem(problem, what);
        }}
        {...(what === 'store' ? { onActivate: open } : {})}
      />
    </div>
  );
}

function renderProblem(problem: Problem, what: ProblemTableProps['what']) {
  const seq = problem.seq === undefined ? '–' : formatCount(problem.seq);
  const cells = [
    what === 'store' && problem.seq !== undefined ? (
      <a key="seq" className="num" tabIndex={-1} href={formatRoute({ screen: 'audit', filter: {}, seq: problem.seq })}>
        {seq}
      </a>
    ) : (
      <span key="seq" className="num">
        {seq}
      </span>
    ),
    <code key="code">{problem.code === 'time' ? 'time (warning)' : problem.code}</code>,
    <span key="message" title={problem.message}>
      {problem.message}
    </span>,
  ];
  const line = (
    <span key="line" className="num">
      {problem.line === 0 ? '–' : formatCount(problem.line)}
    </span>
  );
  return what === 'file' ? [line, ...cells] : cells;
}
