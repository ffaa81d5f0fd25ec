import { z } from 'zod';

/**
 * Imported before anything that parses: zod would otherwise try `new Function`, which the CSP refuses and reports as a
 * violation.
 */
z.config({ jitless: true });
