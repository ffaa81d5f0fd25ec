import { BLOCK_CSS } from './style-blocks.ts';
import { PAGE_CSS } from './style-page.ts';
import { PRINT_CSS } from './style-print.ts';

/**
 * All of a report's style, under the one class `cw-report`. It needs nothing around it: the window adopts it as a
 * stylesheet, a saved file carries it. Light and dark on the screen by `color-scheme`, always light on paper.
 */
export const REPORT_CSS: string = `.cw-report {\n${PAGE_CSS}${BLOCK_CSS}}\n${PRINT_CSS}`;
