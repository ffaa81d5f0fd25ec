import type { SampleSheet } from '#shared/ipc/compliance-views.ts';
import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';

const COLUMNS = ['control', 'name', 'order', 'seq', 'time', 'action', 'outcome', 'actor', 'target', 'record hash'];
/** For the auditor to fill in. */
const EMPTY = ['inspected', 'result', 'exception', 'notes', 'done by', 'date'];

/** A drawn sample as a table to work through (RFC 4180, UTF-8). What a cell begins with can start no formula. */
export function worksheetOf({ sample, asOf, synthetic, window, rows }: SampleSheet): string {
  const lines: (readonly (string | number)[])[] = [
    ...(synthetic ? [[SYNTHETIC_CHAIN]] : []),
    ['as of record', asOf.seq, 'head hash', asOf.hash],
    ['window', window.from, 'to (excluded)', window.to],
    ['number', sample.number, 'seed', sample.seed, 'profile', sample.profile.name],
    [],
    [...COLUMNS, ...EMPTY],
    ...rows.map(({ control, name, order, seq, time, action, outcome, actor, target, hash }) => [
      control,
      name,
      order,
      seq,
      time,
      action,
      outcome,
      actor,
      target,
      hash,
      ...EMPTY.map(() => ''),
    ]),
  ];
  return lines.map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${inert.replaceAll('"', '""')}"`;
}
