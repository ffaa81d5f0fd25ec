import { CONTROLS, RULES } from '../controls/controls.ts';
import { beginRegister, REGISTER_ACTIONS, takeRegister } from '../register/fold.ts';
import { judgeStatus } from '../register/status.ts';
import { COLLECTORS } from '../reports/collectors.ts';
import type { EvaluationRules } from './rules.ts';

/** The rules of this version of the product; both counting threads go by them. */
export const PRODUCT_RULES: EvaluationRules = {
  digest: RULES.digest,
  controls: CONTROLS,
  registerActions: REGISTER_ACTIONS,
  beginRegister,
  takeRegister,
  judgeStatus,
  collectors: COLLECTORS,
};
