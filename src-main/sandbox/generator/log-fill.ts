import type { Random } from './random.ts';

/** What a line may say about the minute it is written in. */
export interface LogMoment {
  /** p95 latency in milliseconds. */
  readonly latency: number;
  readonly slow: boolean;
  readonly callee: string;
  readonly calleeLatency: number;
  /** Memory in percent. */
  readonly memory: number;
}

const ROUTES = ['/v1/products', '/v1/search', '/v1/cart', '/v1/recommendations', '/v1/checkout'] as const;

/** A duration like those of a request whose p95 is given. */
function duration(random: Random, p95: number, slow: boolean): number {
  const spread = slow ? Math.exp(0.15 * Math.abs(random.normal())) : Math.exp(-0.95 + 0.5 * random.normal());
  return Math.max(1, Math.round(p95 * spread));
}

/**
 * Replaces the words in braces of a template. E-mail addresses are of example.com (RFC 2606), addresses of 198.51.100.0/24
 * (RFC 5737), phone numbers of the 555-01xx range and card numbers the public test number: nobody's data.
 */
export function fillTemplate(text: string, moment: LogMoment, random: Random): string {
  return text.replace(/\{(\w+)\}/g, (whole, word: string) => {
    switch (word) {
      case 'id':
        return random.hex(16);
      case 'user':
        return `user-${random.int(1, 4_000)}`;
      case 'email':
        return `user-${random.int(1, 4_000)}@example.com`;
      case 'phone':
        return `+1-202-555-01${String(random.int(0, 99)).padStart(2, '0')}`;
      case 'card':
        return '4242 4242 4242 4242';
      case 'ip':
        return `198.51.100.${random.int(1, 254)}`;
      case 'order':
        return `ord-${random.int(1_000_000, 9_999_999)}`;
      case 'sku':
        return `SKU-${random.int(10_000, 29_999)}`;
      case 'n':
        return String(random.int(1, 36));
      case 'bytes':
        return String(random.int(120, 9_800));
      case 'amount':
        return (random.int(500, 24_000) / 100).toFixed(2);
      case 'route':
        return random.pick(ROUTES);
      case 'code':
        return String(random.pick([500, 502, 503, 504]));
      case 'ms':
        return String(duration(random, moment.latency, moment.slow));
      case 'callee':
        return moment.callee;
      case 'upms':
        return String(duration(random, moment.calleeLatency, true));
      case 'gcms':
        return String(random.int(180, 600) + Math.round(9 * Math.max(0, moment.memory - 60)));
      case 'pct':
        return String(Math.min(99, Math.round(moment.memory) + random.int(-2, 4)));
      case 'heap':
        return String(Math.round(moment.memory * 18) + random.int(-20, 20));
      default:
        throw new RangeError(`unknown word in a log template: ${whole}`);
    }
  });
}
