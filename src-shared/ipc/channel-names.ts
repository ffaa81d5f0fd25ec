/** Apart from the contract, so that the preload, which needs only the names, does not carry the schemas. */
export const INVOKE_CHANNEL = 'causeway:invoke';
export const EVENT_CHANNEL = 'causeway:event';
