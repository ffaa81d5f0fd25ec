import { GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import { CausewayError } from '#shared/errors.ts';
import { errorName } from '../../platform/aws-calls.ts';
import { createTemplates } from '../analysis/log-templates.ts';
import type { LogLine } from '../analysis/model.ts';
import { type AgentFinding, type AgentReport, type AgentTools, forEachBounded, parseAnswer } from './agent.ts';

const START = 'logs:StartQuery';
const RESULTS = 'logs:GetQueryResults';
const QUERY = 'fields @timestamp, @message | sort @timestamp asc';
/** The most rows a query returns. A query that reaches it is asked again in halves of its time. */
const MOST_ROWS = 10_000;
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
  const lines = results.flatMap((result) => (result.ok ? result.value : []));
  const gaps = results.flatMap((result, index) =>
    result.ok ? [] : [`Logs of ${groups[index]?.service} could not be read (${errorName(result.error)}).`],
  );
  const failed = results.find((result) => !result.ok);
  if (lines.length === 0 && failed !== undefined && !failed.ok && gaps.length === groups.length) throw failed.error;
  const findings = results.flatMap((result) => (result.ok ? countFinding(result.value) : []));
  const summary = `${lines.length} lines of ${groups.length - gaps.length} log groups read and grouped by template.`;
  tools.say(summary);
  return { output: lines, findings, gaps, summary };
}

interface Group {
  readonly service: string;
  readonly logGroup: string;
}

async function readLines(
  tools: AgentTools,
  group: Group,
  from: number,
  to: number,
  splits: number,
): Promise<readonly LogLine[]> {
  const lines = await runQuery(tools, group, from, to);
  const middle = from + Math.floor((to - from) / 2000) * 1000;
  if (lines.length < MOST_ROWS || splits === MOST_SPLITS || middle <= from) return lines;
  // Cut off at the limit: the newest lines would be missing, which are the ones that matter.
  return [
    ...(await readLines(tools, group, from, middle, splits + 1)),
    ...(await readLines(tools, group, middle + 1000, to, splits + 1)),
  ];
}

async function runQuery(tools: AgentTools, group: Group, from: number, to: number): Promise<readonly LogLine[]> {
  const { clients, signal } = tools;
  const started = await clients.logs.send(
    new StartQueryCommand({
      logGroupName: group.logGroup,
      startTime: Math.floor(from / 1000),
      endTime: Math.floor(to / 1000),
      queryString: QUERY,
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
        return keepLines(tools, group.service, answer);
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

function keepLines(tools: AgentTools, service: string, answer: object): readonly LogLine[] {
  const kept = tools.keep(RESULTS, answer);
  const { results } = parseAnswer(Answer, RESULTS, kept.value);
  return results.flatMap((fields, row) => {
    const value = (name: string) => fields.find(({ field }) => field === name)?.value ?? '';
    const stamp = value('@timestamp');
    const time = INSIGHTS_TIME.test(stamp) ? Date.parse(`${stamp.replace(' ', 'T')}Z`) : Number.NaN;
    if (!Number.isFinite(time)) return [];
    return [{ service, time, message: value('@message'), source: { digest: kept.digest, pointer: '/results', row } }];
  });
}

function countFinding(lines: readonly LogLine[]): readonly AgentFinding[] {
  const [first] = lines;
  if (first === undefined) return [];
  const templates = createTemplates();
  for (const line of lines) templates.add(line.message);
  const rows = lines.filter(({ source }) => source.digest === first.source.digest).length;
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
            from: first.source.row,
            to: first.source.row + rows,
          },
        ],
      },
    },
  ];
}
