import { HOUSE_PROFILE, SampleProfile } from '#shared/model/control.ts';

export type SizeName = keyof SampleProfile['sizes'];
export const SIZE_NAMES: readonly { readonly size: SizeName; readonly label: string }[] = [
  { size: 'event', label: 'Each time' },
  { size: 'daily', label: 'Daily' },
  { size: 'weekly', label: 'Weekly' },
  { size: 'monthly', label: 'Monthly' },
  { size: 'quarterly', label: 'Quarterly' },
  { size: 'semiannual', label: 'Twice a year' },
  { size: 'annual', label: 'Yearly' },
];

/** A profile as it is typed. */
export interface TypedProfile {
  readonly name: string;
  readonly sizes: Readonly<Record<SizeName, string>>;
}

export type ProfileProblems = Partial<Record<'name' | SizeName, string>>;

export function typeProfile({ name, sizes }: SampleProfile): TypedProfile {
  const typed = SIZE_NAMES.map(({ size }) => [size, String(sizes[size])] as const);
  return { name, sizes: Object.fromEntries(typed) as Record<SizeName, string> };
}

/** What is typed as a profile, or at which fields it cannot be taken. */
export function readProfile(typed: TypedProfile): SampleProfile | ProfileProblems {
  const problems: ProfileProblems = {};
  if (typed.name.trim() === '') problems.name = 'The profile needs a name.';
  for (const { size } of SIZE_NAMES) {
    if (!isSize(typed.sizes[size])) problems[size] = '1 to 1000';
  }
  if (Object.keys(problems).length > 0) return problems;
  const sizes = Object.fromEntries(SIZE_NAMES.map(({ size }) => [size, Number(typed.sizes[size])]));
  return SampleProfile.parse({ name: typed.name.trim(), sizes });
}

export function isProfile(read: SampleProfile | ProfileProblems): read is SampleProfile {
  return 'sizes' in read;
}

export function sameProfile(a: SampleProfile, b: SampleProfile): boolean {
  return a.name === b.name && SIZE_NAMES.every(({ size }) => a.sizes[size] === b.sizes[size]);
}

export const isHouse = (profile: SampleProfile): boolean => sameProfile(profile, HOUSE_PROFILE);

const isSize = (typed: string): boolean => /^\d{1,4}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= 1000;
