import { GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { errorName } from '../../platform/aws-calls.ts';
import { createTemplates } from '../analysis/log-templates.ts';
import type { LogLine } from '../analysis/model.ts';
import { type AgentFinding, type AgentReport, type AgentTools, forEachBounded, parseAnswer } from './agent.ts';

const START = 'logs:StartQuery';
const RESULTS = 'logs:GetQueryResults';
const OLDEST_FIRST = 'fields @timestamp, @message | sort @timestamp asc';
const NEWEST_FIRST = 'fields @timestamp, @message | sort @timestamp desc';
/** The most rows a query returns. A query that reaches it is asked again in halves of its time. */
const MOST_ROWS = 10_000;
/** Parts of the time that are still too full are read newest first, all alike: what is left is a fair sample of it. */
const MOST_SPLITS = 5;
const AT_ONCE = 3;
/** A query that has not ended by then is given up. */
const QUERY_TIMEOUT = 60_000;
const FIRST_POLL = 50;
const SLOWEST_POLL = 2_000;

const Started = z.object({ queryId: z.string().min(1).max(256) });
const Answer = z.object({
  status: z.string().max(64),
  results: z.array(z.array(z.object({ field: z.string().max(512), value: z.string().optional() }))).default([]),
  /** How many lines the query matched, whatever it returned. */
  statistics: z.object({ recordsMatched: z.number().min(0).optional() }).optional(),
});

/** Log Insights writes times as "2026-01-15 10:03:00.000", UTC. */
const INSIGHTS_TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/;

/**
 * Reads the lines of every log group over the last hours. A line's text is counted by template and goes nowhere else:
 * findings hold numbers only, because log lines are written by whoever can make the system log something.
 */
export async function analyseLogs(tools: AgentTools): Promise<AgentReport<readonly LogLine[]>> {
  const groups = tools.map.services.flatMap(({ name, logGroup }) =>
    logGroup === undefined ? [] : [{ service: name, logGroup }],
  );
  let done = 0;
  const results = await forEachBounded(groups, AT_ONCE, tools.signal, async (group) => {
    tools.say(`Querying logs of ${group.service} (${done} of ${groups.length} log groups done).`);
    const lines = await readLines(tools, group, tools.window.logsFrom, tools.window.to, 0);
    done += 1;
    return lines;
  });
  const lines = results.flatMap((result) => (result.ok ? result.value.lines : []));
  const unread = results.flatMap((result, index) =>
    result.ok ? [] : [`Logs of ${groups[index]?.service} could not be read (${errorName(result.error)}).`],
  );
  const failed = results.find((result) => !result.ok);
  if (lines.length === 0 && failed !== undefined && !failed.ok && unread.length === groups.length) throw failed.error;
  const partly = results.flatMap((result, index) => (result.ok ? gapOf(groups[index]?.service, result.value) : []));
  const findings = results.flatMap((result) => (result.ok ? countFinding(result.value) : []));
  const cut = partly.length === 0 ? '' : ` ${partly.length} of them only in part.`;
  const summary = `${lines.length} lines of ${groups.length - unread.length} log groups read and grouped by template.${cut}`;
  tools.say(summary);
  return { output: lines, findings, gaps: [...unread, ...partly], summary };
}

interface Group {
  readonly service: string;
  readonly logGroup: string;
}

/** Lines in the order of time. Where a part of the time held more than a query returns, some are missing. */
interface ReadLines {
  readonly lines: readonly LogLine[];
  /** Parts of the time in which only the newest lines were read. */
  readonly cutParts: number;
  /** Lines of those parts that were not read; null when the cloud did not say how many there are. */
  readonly notRead: number | null;
}

async function readLines(
  tools: AgentTools,
  group: Group,
  from: number,
  to: number,
  splits: number,
): Promise<ReadLines> {
  const middle = from + Math.floor((to - from) / 2000) * 1000;
  const last = splits === MOST_SPLITS || middle <= from;
  const answer = await runQuery(tools, group, from, to, last ? NEWEST_FIRST : OLDEST_FIRST);
  if (answer.rows < MOST_ROWS) return { lines: answer.lines, cutParts: 0, notRead: 0 };
  if (last) {
    const notRead = answer.matched === null ? null : Math.max(0, answer.matched - answer.rows);
    return { lines: answer.lines, cutParts: notRead === 0 ? 0 : 1, notRead };
  }
  const early = await readLines(tools, group, from, middle, splits + 1);
  const late = await readLines(tools, group, middle + 1000, to, splits + 1);
  return {
    lines: [...early.lines, ...late.lines],
    cutParts: early.cutParts + late.cutParts,
    notRead: early.notRead === null || late.notRead === null ? null : early.notRead + late.notRead,
  };
}

function gapOf(service: string | undefined, { lines, cutParts, notRead }: ReadLines): readonly string[] {
  if (cutParts === 0) return [];
  const missing = notRead === null ? 'an unknown number of' : notRead;
  const parts = cutParts === 1 ? 'one part' : `${cutParts} parts`;
  return [
    `Logs of ${service} were read in part: ${lines.length} lines read, ${missing} lines not read. In ${parts} of the time only the newest ${MOST_ROWS} lines were read.`,
  ];
}

interface QueryAnswer {
  readonly rows: number;
  readonly matched: number | null;
  /** In the order of time. */
  readonly lines: readonly LogLine[];
}

async function runQuery(
  tools: AgentTools,
  group: Group,
  from: number,
  to: number,
  queryString: string,
): Promise<QueryAnswer> {
  const { clients, signal } = tools;
  const started = await clients.logs.send(
    new StartQueryCommand({
      logGroupName: group.logGroup,
      startTime: Math.floor(from / 1000),
      endTime: Math.floor(to / 1000),
      queryString,
      limit: MOST_ROWS,
    }),
    { abortSignal: signal },
  );
  const { queryId } = parseAnswer(Started, START, started);
  let waited = 0;
  for (let pause = FIRST_POLL; waited <= QUERY_TIMEOUT; pause = Math.min(SLOWEST_POLL, pause * 2)) {
    const answer = await clients.logs.send(new GetQueryResultsCommand({ queryId }), { abortSignal: signal });
    switch (answer.status) {
      case 'Complete':
        return keepLines(tools, group.service, answer, queryString === NEWEST_FIRST);
      case 'Scheduled':
      case 'Running':
        await tools.wait(pause);
        waited += pause;
        break;
      default:
        throw new CausewayError(
          'cloud-refused',
          `The log query of ${group.service} ended as ${String(answer.status)}.`,
          {
            reason: 'query-failed',
          },
        );
    }
  }
  throw new CausewayError('cloud-refused', `The log query of ${group.service} did not end within a minute.`, {
    reason: 'query-timeout',
  });
}

function keepLines(tools: AgentTools, service: string, answer: object, newestFirst: boolean): QueryAnswer {
  const kept = tools.keep(RESULTS, answer);
  const { results, statistics } = parseAnswer(Answer, RESULTS, kept.value);
  const lines = results.flatMap((fields, row) => {
    const value = (name: string) => fields.find(({ field }) => field === name)?.value ?? '';
    const stamp = value('@timestamp');
    const time = INSIGHTS_TIME.test(stamp) ? Date.parse(`${stamp.replace(' ', 'T')}Z`) : Number.NaN;
    if (!Number.isFinite(time)) return [];
    return [{ service, time, message: value('@message'), source: { digest: kept.digest, pointer: '/results', row } }];
  });
  const matched = statistics?.recordsMatched ?? null;
  return { rows: results.length, matched, lines: newestFirst ? lines.reverse() : lines };
}

function countFinding({ lines }: ReadLines): readonly AgentFinding[] {
  const [first] = lines;
  if (first === undefined) return [];
  const templates = createTemplates();
  for (const line of lines) templates.add(line.message);
  const rows = lines.flatMap(({ source }) => (source.digest === first.source.digest ? [source.row] : []));
  return [
    {
      service: first.service,
      claim: {
        kind: 'log-volume',
        text: `${lines.length} lines of ${first.service} in ${templates.size} templates.`,
        citations: [
          {
            digest: first.source.digest,
            pointer: first.source.pointer,
            from: rows.reduce((least, row) => Math.min(least, row), first.source.row),
            to: rows.reduce((most, row) => Math.max(most, row), first.source.row) + 1,
          },
        ],
      },
    },
  ];
}
