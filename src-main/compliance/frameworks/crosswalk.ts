import type { CriterionRef } from '#shared/model/control.ts';

/**
 * Which controls of ISO/IEC 27001 Annex A ask for the same as a SOC 2 criterion, or for a part of it: our own judgement,
 * and no equivalence. Criteria without a counterpart in the annex have an empty row. Both directions come from here.
 */
const SOC2_TO_ISO27001: Readonly<Record<string, readonly string[]>> = {
  'CC1.1': ['A.5.10', 'A.6.2', 'A.6.4'],
  'CC1.2': ['A.5.4', 'A.5.35'],
  'CC1.3': ['A.5.2', 'A.5.3', 'A.5.4'],
  'CC1.4': ['A.6.1', 'A.6.3'],
  'CC1.5': ['A.5.2', 'A.5.4', 'A.6.4'],
  'CC2.1': ['A.5.9', 'A.5.33', 'A.8.15'],
  'CC2.2': ['A.5.1', 'A.5.2', 'A.6.3', 'A.6.8'],
  'CC2.3': ['A.5.5', 'A.5.6', 'A.5.14', 'A.5.20'],
  'CC3.1': ['A.5.8', 'A.5.31'],
  'CC3.2': ['A.5.7', 'A.5.9', 'A.8.8'],
  'CC3.3': ['A.5.3'],
  'CC3.4': ['A.5.7', 'A.5.22', 'A.8.32'],
  'CC4.1': ['A.5.35', 'A.5.36', 'A.8.34'],
  'CC4.2': ['A.5.36'],
  'CC5.1': ['A.5.3'],
  'CC5.2': ['A.8.9', 'A.8.27'],
  'CC5.3': ['A.5.1', 'A.5.37'],
  'CC6.1': ['A.5.15', 'A.5.17', 'A.8.2', 'A.8.3', 'A.8.4', 'A.8.5', 'A.8.22', 'A.8.24'],
  'CC6.2': ['A.5.16', 'A.5.18', 'A.6.5'],
  'CC6.3': ['A.5.3', 'A.5.15', 'A.5.18', 'A.8.2', 'A.8.3'],
  'CC6.4': ['A.7.1', 'A.7.2', 'A.7.3', 'A.7.4', 'A.7.6', 'A.7.7', 'A.7.8'],
  'CC6.5': ['A.5.11', 'A.7.10', 'A.7.14', 'A.8.10'],
  'CC6.6': ['A.6.7', 'A.8.5', 'A.8.20', 'A.8.21', 'A.8.22', 'A.8.23'],
  'CC6.7': ['A.5.14', 'A.7.9', 'A.7.10', 'A.8.1', 'A.8.12', 'A.8.24'],
  'CC6.8': ['A.8.7', 'A.8.18', 'A.8.19'],
  'CC7.1': ['A.8.8', 'A.8.9'],
  'CC7.2': ['A.5.7', 'A.8.15', 'A.8.16', 'A.8.17'],
  'CC7.3': ['A.5.25', 'A.6.8'],
  'CC7.4': ['A.5.24', 'A.5.26', 'A.5.28', 'A.6.8'],
  'CC7.5': ['A.5.26', 'A.5.27', 'A.5.29'],
  'CC8.1': [
    'A.8.4',
    'A.8.19',
    'A.8.25',
    'A.8.26',
    'A.8.27',
    'A.8.28',
    'A.8.29',
    'A.8.30',
    'A.8.31',
    'A.8.32',
    'A.8.33',
  ],
  'CC9.1': ['A.5.29', 'A.5.30'],
  'CC9.2': ['A.5.19', 'A.5.20', 'A.5.21', 'A.5.22', 'A.5.23', 'A.8.30'],
  'A1.1': ['A.8.6'],
  'A1.2': ['A.7.5', 'A.7.8', 'A.7.11', 'A.7.12', 'A.7.13', 'A.8.13', 'A.8.14'],
  'A1.3': ['A.5.30', 'A.8.13'],
  'C1.1': ['A.5.12', 'A.5.13', 'A.6.6', 'A.8.12'],
  'C1.2': ['A.7.14', 'A.8.10'],
  'PI1.1': ['A.8.26'],
  'PI1.2': ['A.8.26', 'A.8.28'],
  'PI1.3': ['A.8.26'],
  'PI1.4': [],
  'PI1.5': ['A.5.33'],
  'P1.1': ['A.5.34'],
  'P2.1': ['A.5.34'],
  'P3.1': ['A.5.34'],
  'P3.2': ['A.5.34'],
  'P4.1': ['A.5.34', 'A.8.11'],
  'P4.2': ['A.5.33', 'A.5.34'],
  'P4.3': ['A.5.34', 'A.8.10'],
  'P5.1': ['A.5.34'],
  'P5.2': ['A.5.34'],
  'P6.1': ['A.5.34'],
  'P6.2': ['A.5.34'],
  'P6.3': ['A.5.34'],
  'P6.4': ['A.5.20', 'A.5.34'],
  'P6.5': ['A.5.20', 'A.5.34'],
  'P6.6': ['A.5.5', 'A.5.34'],
  'P6.7': ['A.5.34'],
  'P7.1': ['A.5.34'],
  'P8.1': ['A.5.34'],
};

const ISO27001_TO_SOC2: ReadonlyMap<string, readonly string[]> = inverted(SOC2_TO_ISO27001);

/** The criteria of the other framework that ask for the same or a part of it; none for frameworks without a crosswalk. */
export function crosswalk({ framework, id }: CriterionRef): readonly CriterionRef[] {
  if (framework === 'soc2') return refs('iso27001', SOC2_TO_ISO27001[id] ?? []);
  if (framework === 'iso27001') return refs('soc2', ISO27001_TO_SOC2.get(id) ?? []);
  return [];
}

function refs(framework: CriterionRef['framework'], ids: readonly string[]): readonly CriterionRef[] {
  return ids.map((id) => ({ framework, id }));
}

function inverted(table: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, readonly string[]> {
  const back = new Map<string, string[]>();
  for (const [from, many] of Object.entries(table)) {
    for (const to of many) back.set(to, [...(back.get(to) ?? []), from]);
  }
  return back;
}
