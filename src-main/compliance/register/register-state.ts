import type { CheckResult, ControlId, Frequency, ReviewDecision, SampleProfile } from '#shared/model/control.ts';

/** The register as records say it is. Only what JSON can say: counting goes on where it ended. Sealed values by place. */
export interface SealedPlace {
  readonly sealed: string;
  readonly seq: number;
  /** JSON pointer into the record. */
  readonly path: string;
}

export interface Attachment {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly name: SealedPlace;
}

export interface Performance {
  readonly seq: number;
  /** When it was recorded, and when it was done as the person says. RFC 3339 UTC. */
  readonly time: string;
  readonly on: string;
  readonly by: string;
  readonly note: SealedPlace;
  readonly attachments: readonly Attachment[];
}

/** What people and self-checks said about one control. */
export interface RegisterEntry {
  owner: string | null;
  /** Who owned it until they were removed from the workspace; null or absent once somebody else does. */
  ownerLeft?: string | null;
  /** null: as it is defined. */
  frequency: Frequency | null;
  due: string | null;
  notApplicable: { readonly justification: SealedPlace; readonly by: string; readonly time: string } | null;
  check: {
    readonly result: CheckResult;
    readonly detail: string;
    readonly seq: number;
    readonly time: string;
    readonly digest: string;
  } | null;
  /** Newest first, 50 at most. */
  performed: readonly Performance[];
  /** The status last put on record. */
  status: string | null;
  /** Everything that was changed about it by hand or by itself, newest first, 100 at most. */
  history: readonly {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    readonly kind: string;
    readonly detail: string;
  }[];
}

export interface ReviewSubject {
  readonly id: string;
  readonly role: string;
  readonly decision: {
    readonly decision: ReviewDecision;
    readonly by: string;
    readonly time: string;
    readonly seq: number;
    readonly note: SealedPlace;
  } | null;
}

export interface Campaign {
  readonly id: string;
  readonly openedBy: string;
  readonly opened: string;
  readonly seq: number;
  readonly due: string;
  readonly root: string;
  readonly subjects: readonly ReviewSubject[];
  readonly closed: { readonly time: string; readonly by: string; readonly seq: number } | null;
}

export interface RegisterState {
  readonly controls: Readonly<Record<ControlId, RegisterEntry>>;
  /** Newest first. */
  readonly campaigns: readonly Campaign[];
  readonly plan: { readonly start: string; readonly weeks: number; readonly seq: number } | null;
  readonly sampleProfile: SampleProfile | null;
  /** Newest first: notes auditors sent, and bundles that were given out. */
  readonly notes: readonly {
    readonly seq: number;
    readonly time: string;
    readonly bundle: string;
    readonly notes: string;
    readonly key: string;
    readonly accepted: number;
    readonly flagged: number;
    readonly questions: number;
  }[];
  readonly bundles: readonly {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    readonly manifest: string;
    readonly reports: readonly string[];
  }[];
  /** Newest first, 200 at most. */
  readonly reports: readonly {
    readonly seq: number;
    readonly time: string;
    readonly by: string;
    readonly kind: string;
    readonly framework: string;
    readonly from: string;
    readonly to: string;
    readonly format: string;
    readonly digest: string;
    readonly document: string | null;
    readonly exceptions: number | null;
    readonly inScope: number | null;
  }[];
}
