import { z } from 'zod';

/** What the control register and the frameworks speak of. Ids of criteria are facts; their names are the product's own words. */
export const FRAMEWORKS = ['soc2', 'iso27001', 'gdpr', 'lgpd', 'kvkk', 'tisax'] as const;
export const FrameworkId = z.enum(FRAMEWORKS);
export type FrameworkId = z.infer<typeof FrameworkId>;

/** `CC6.1`, `A.8.15`, `32`. */
export const CriterionId = z.string().min(1).max(32);
export const CriterionRef = z.strictObject({ framework: FrameworkId, id: CriterionId });
export type CriterionRef = z.infer<typeof CriterionRef>;

/** `AC-01`: an OSCAL token as it stands. */
export const ControlId = z.string().regex(/^[A-Z]{2,4}-\d{2}$/);
export type ControlId = z.infer<typeof ControlId>;
export const ControlKind = z.enum(['technical', 'organizational']);
export type ControlKind = z.infer<typeof ControlKind>;
/** Computed from evidence and never typed in; `not-applicable` is a person's word with a justification on record. */
export const ControlStatus = z.enum(['in-place', 'partial', 'gap', 'not-applicable']);
export type ControlStatus = z.infer<typeof ControlStatus>;
/** How often a control has to be seen operating. `event`: each time what it governs happens. */
export const Frequency = z.enum(['event', 'daily', 'weekly', 'monthly', 'quarterly', 'semiannual', 'annual']);
export type Frequency = z.infer<typeof Frequency>;
/** Every cadence that has periods, the most frequent first. */
export const CADENCES: readonly Frequency[] = Frequency.options.filter((frequency) => frequency !== 'event');

/** What a control of this cadence can be changed to: one with periods keeps some, one that is seen each time has none. */
export function cadencesBeside(frequency: Frequency): readonly Frequency[] {
  return frequency === 'event' ? [] : CADENCES;
}
/** What closing a gap takes: days, weeks, a month and more. */
export const Effort = z.enum(['S', 'M', 'L']);
export type Effort = z.infer<typeof Effort>;
/** What a self-check of a technical control found. `absent`: this build does not have what the control is about. */
export const CheckResult = z.enum(['holds', 'partial', 'fails', 'absent']);
export type CheckResult = z.infer<typeof CheckResult>;
/** What becomes of somebody's access in a review. */
export const ReviewDecision = z.enum(['keep', 'change', 'revoke']);
export type ReviewDecision = z.infer<typeof ReviewDecision>;

/** How many of a population are drawn, of an audit firm's own choosing: the AICPA prescribes none. */
export const SampleProfile = z.strictObject({
  name: z.string().min(1).max(60),
  /** By how often the control operates; never more than there are. */
  sizes: z.strictObject({
    annual: z.int().min(1).max(1000),
    semiannual: z.int().min(1).max(1000),
    quarterly: z.int().min(1).max(1000),
    monthly: z.int().min(1).max(1000),
    weekly: z.int().min(1).max(1000),
    daily: z.int().min(1).max(1000),
    event: z.int().min(1).max(1000),
  }),
});
export type SampleProfile = z.infer<typeof SampleProfile>;
export const HOUSE_PROFILE: SampleProfile = {
  name: 'House profile',
  sizes: { annual: 1, semiannual: 1, quarterly: 2, monthly: 2, weekly: 5, daily: 25, event: 25 },
};
