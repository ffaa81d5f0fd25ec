import { createHash } from 'node:crypto';
import type { ExportResult, IncidentDetail } from '#shared/ipc/views.ts';
import type { ChartSeries, Claim, Investigation, Remediation } from '#shared/model/investigation.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { escapeHtml } from './escape-html.ts';
import { chartSvg } from './summary-chart.ts';
import { SUMMARY_STYLE } from './summary-style.ts';

export interface SummaryInput {
  readonly scenario: string;
  readonly detail: IncidentDetail;
  readonly investigation: Investigation;
  readonly chart: ChartSeries;
  readonly verdict: Verdict;
  readonly exported: ExportResult;
}

const e = escapeHtml;
const short = (digest: string) => `<code title="${e(digest)}">${e(digest.slice(0, 8))}</code>`;
const percent = (ratio: string) => `${Math.round(Number(ratio) * 100)}&nbsp;%`;
const utc = (time: string) => `${e(time.slice(0, 10))} ${e(time.slice(11, 19))} UTC`;

/** The demonstration's one-page summary: self-contained HTML, no script, nothing loaded, its style pinned by hash. */
export function renderSummary(input: SummaryInput): string {
  const { incident } = input.detail;
  const styleHash = createHash('sha256').update(SUMMARY_STYLE).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${e(incident.id)}: ${e(incident.title)}</title>
<style>${SUMMARY_STYLE}</style>
</head>
<body>
<header><p>Causeway · demonstration on made-up data · scenario ${e(input.scenario)}</p>
<h1>${e(incident.title)}</h1>
<p>${e(incident.id)} · ${e(incident.severity)} · began ${utc(incident.startedAt)} · <strong>${e(incident.status)}</strong></p></header>
<main>
<section><h2>The incident's signal</h2>${chartSvg(input.chart)}</section>
${hypothesesSection(input.investigation)}
${input.investigation.remediation === null ? '' : remediationSection(input.investigation.remediation)}
${agentsSection(input.investigation)}
${verdictSection(input)}
${timelineSection(input.detail)}
</main>
</body>
</html>
`;
}

function hypothesesSection(investigation: Investigation): string {
  const claim = (mark: string, { text, citations }: Claim) =>
    `<li>${mark} ${e(text)} ${[...new Set(citations.map((citation) => citation.digest))].map(short).join(' ')}</li>`;
  const items = investigation.hypotheses.map(
    (one) =>
      `<li><strong>${e(one.title)}</strong> <b>${percent(one.confidence)}</b><ul>${one.for.map((c) => claim('For:', c)).join('')}${one.against
        .map((c) => claim('Against:', c))
        .join('')}</ul></li>`,
  );
  const needed = investigation.needed.map((text) => `<li>${e(text)}</li>`).join('');
  return `<section><h2>Root-cause hypotheses</h2><p>${investigation.considered} services considered${
    investigation.abstained ? '; none stands out enough to act on' : ''
  }. Each statement names the stored evidence it rests on by digest.</p><ol>${items.join('')}</ol>${
    needed === '' ? '' : `<p>Not established:</p><ul>${needed}</ul>`
  }</section>`;
}

function remediationSection(remediation: Remediation): string {
  const { plan } = remediation;
  const rows = plan.steps.flatMap((step) =>
    step.changes.map(
      (change) =>
        `<tr><td><code>${e(step.operation)}</code></td><td>${e(change.field)}</td><td><code>${e(change.before ?? '(none)')}</code></td><td><code>${e(
          change.after ?? '(none)',
        )}</code></td></tr>`,
    ),
  );
  const decision = remediation.decision;
  return `<section><h2>What was proposed, decided and done</h2><p><strong>${e(plan.summary)}</strong></p>
<table class="diff"><thead><tr><th>Call</th><th>Changes</th><th>Before</th><th>After</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<dl><dt>Reaches</dt><dd>${e(plan.blastRadius.summary)}</dd><dt>Way back</dt><dd>${e(plan.wayBack.summary)}</dd>
<dt>Plan digest</dt><dd><code>${e(remediation.planDigest)}</code></dd>
<dt>Decision</dt><dd>${decision === null ? 'none' : `${e(decision.outcome)} at ${utc(decision.at)} by ${e(decision.by)}, record ${short(decision.record)}`}</dd>
<dt>Outcome</dt><dd>${e(remediation.failure ?? remediation.result?.text ?? `nothing was changed (${remediation.status})`)}</dd></dl></section>`;
}

function agentsSection(investigation: Investigation): string {
  const rows = investigation.agents.map(
    (run) =>
      `<tr><td>${e(run.agent)}</td><td>${e(run.status)}</td><td>${run.calls}</td><td>${e(run.lease?.id ?? 'none')}</td><td>${e(run.lease?.state ?? '')}</td><td>${e(run.activity)}</td></tr>`,
  );
  return `<section><h2>Agents and their 15-minute leases</h2><table class="agents"><thead><tr><th>Agent</th><th>State</th><th>Calls</th><th>Lease</th><th>Now</th><th>Result</th></tr></thead><tbody>${rows.join(
    '',
  )}</tbody></table></section>`;
}

function verdictSection({ verdict, exported }: SummaryInput): string {
  return `<section><h2>The chain</h2><dl><dt>Verdict</dt><dd><strong>${e(verdict.verdict)}</strong>, ${verdict.records} records, ${verdict.problemCount} problems</dd>
<dt>Head</dt><dd><code>${e(verdict.head ?? '')}</code></dd><dt>Merkle root</dt><dd><code>${e(verdict.root ?? '')}</code></dd>
<dt>Key</dt><dd>${verdict.keys.map((key) => `<code>${e(key.id)}</code> ${e(key.alg)}`).join(', ')}</dd>
<dt>File digest</dt><dd><code>${e(exported.digest)}</code></dd></dl>
<p>What this cannot prove: ${verdict.notProven.map(e).join(' ')}</p></section>`;
}

function timelineSection({ timeline }: IncidentDetail): string {
  const rows = timeline
    .filter(
      (entry) => entry.action !== 'investigation.system_called' && entry.action !== 'investigation.policy_decided',
    )
    .map(
      (entry) =>
        `<tr><td>${entry.seq}</td><td>${e(entry.time.slice(11, 23))}</td><td>${e(entry.action)}</td><td>${e(entry.outcome)}</td><td>${e(entry.text)}</td></tr>`,
    );
  const calls = timeline.filter((entry) => entry.action === 'investigation.system_called').length;
  const decisions = timeline.filter((entry) => entry.action === 'investigation.policy_decided').length;
  return `<section><h2>On record</h2><p>Besides these: ${calls} system calls and ${decisions} policy decisions, each a record of its own in the exported file.</p>
<table class="record"><thead><tr><th>#</th><th>UTC</th><th>Action</th><th>Outcome</th><th>What</th></tr></thead><tbody>${rows.join('')}</tbody></table></section>`;
}
