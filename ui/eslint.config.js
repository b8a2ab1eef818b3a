import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'src/lib/contract.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    rules: {
      // The compiler knows undefined names better.
      'no-undef': 'off',
      'no-console': 'error',
      // The page's policy forbids what these would need.
      'svelte/no-at-html-tags': 'error',
    },
  },
  { files: ['src/test/**', '*.config.*'], languageOptions: { globals: { ...globals.node } } },
);
