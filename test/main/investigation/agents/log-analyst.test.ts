import type { GetQueryResultsCommand, StartQueryCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import type { AgentTools } from '#main/investigation/agents/agent.ts';
import { analyseLogs } from '#main/investigation/agents/log-analyst.ts';
import { citeLines } from '#main/investigation/analysis/citations.ts';

const SECOND = 1000;
const TO = Date.parse('2026-01-02T10:30:00Z');
const HOURS = 3_600 * SECOND;
const MOST_ROWS = 10_000;

interface Query {
  readonly from: number;
  readonly to: number;
  readonly newestFirst: boolean;
}

/**
 * CloudWatch Logs with one line every `every` milliseconds in the window, which returns 10,000 rows at most; it says how
 * many lines matched, unless it is told not to.
 */
function tools(from: number, every: number, counts = true): AgentTools & { readonly queries: readonly Query[] } {
  const queries: Query[] = [];
  const send = async ({ input }: StartQueryCommand | GetQueryResultsCommand) => {
    if ('queryString' in input) {
      const { startTime = 0, endTime = 0, queryString = '' } = input;
      queries.push({ from: startTime * SECOND, to: endTime * SECOND, newestFirst: queryString.endsWith('desc') });
      return { queryId: String(queries.length - 1) };
    }
    const query = queries[Number('queryId' in input ? input.queryId : -1)];
    if (query === undefined) throw new Error('no such query');
    const last = Math.min(query.to + SECOND, TO);
    const matched = Math.max(0, Math.ceil((last - query.from) / every));
    const results = Array.from({ length: Math.min(matched, MOST_ROWS) }, (_, row) => {
      const time = query.from + (query.newestFirst ? matched - 1 - row : row) * every;
      return [
        { field: '@timestamp', value: new Date(time).toISOString().replace('T', ' ').slice(0, 23) },
        { field: '@message', value: 'served' },
      ];
    });
    return { status: 'Complete', results, ...(counts ? { statistics: { recordsMatched: matched } } : {}) };
  };
  let kept = 0;
  return {
    queries,
    clients: { logs: { send } } as unknown as AgentTools['clients'],
    map: { system: 'shop', region: 'us-east-1', services: [{ name: 'a', logGroup: '/a', metrics: [] }], calls: [] },
    account: '000000000001',
    region: 'us-east-1',
    window: { from, to: TO - SECOND, logsFrom: from },
    signal: new AbortController().signal,
    keep: (_, value) => {
      kept += 1;
      return { digest: String(kept).padStart(64, '0'), value };
    },
    say: () => undefined,
    wait: async () => undefined,
  };
}

describe('the log analyst', () => {
  it('reads everything of a group in the order of time, in halves where a query is cut off', async () => {
    const cloud = tools(TO - 6 * HOURS, 500);
    const { output, gaps, findings } = await analyseLogs(cloud);
    expect(gaps).toEqual([]);
    expect(output).toHaveLength((6 * HOURS) / 500);
    expect(output.every(({ time }, index) => index === 0 || time > (output[index - 1]?.time ?? 0))).toBe(true);
    expect(findings[0]?.claim.text).toBe('43200 lines of a in 1 templates.');
  });

  it('says how many lines it did not read, and reads the newest of each part', async () => {
    const cloud = tools(TO - 6 * HOURS, 20);
    const { output, gaps, summary, findings } = await analyseLogs(cloud);
    const all = (6 * HOURS) / 20;
    expect(output).toHaveLength(32 * MOST_ROWS);
    expect(gaps).toEqual([
      `Logs of a were read in part: ${output.length} lines read, ${all - output.length} lines not read. In 32 parts of the time only the newest 10000 lines were read.`,
    ]);
    expect(summary).toContain('1 of them only in part.');
    expect(output.at(-1)?.time).toBe(TO - 20);
    expect(output.every(({ time }, index) => index === 0 || time > (output[index - 1]?.time ?? 0))).toBe(true);
    expect(findings[0]?.claim.citations).toMatchObject([{ from: 0, to: MOST_ROWS }]);
    const newest = output.slice(-100);
    expect(citeLines(newest)).toEqual([{ digest: newest[0]?.source.digest, pointer: '/results', from: 0, to: 100 }]);
  });

  it('says that it does not know how many when the cloud does not say', async () => {
    const { gaps } = await analyseLogs(tools(TO - 6 * HOURS, 20, false));
    expect(gaps).toEqual([expect.stringContaining('an unknown number of lines not read')]);
  });

  it('reports nothing missing where a part holds exactly as many lines as a query returns', async () => {
    const cloud = tools(TO - 2 * SECOND, 0.1);
    const { gaps } = await analyseLogs({ ...cloud, window: { ...cloud.window, to: TO - 2 * SECOND } });
    expect(cloud.queries).toHaveLength(1);
    expect(gaps).toEqual([]);
  });
});
