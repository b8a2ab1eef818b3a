// Adds up what the test runs say: one line in the end, and 1 as the exit code when anything failed.
import { readFileSync } from 'node:fs';

const [pageFile, ...cargoFiles] = process.argv.slice(2);

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function page(text) {
  if (text === '') return { passed: 0, failed: 1, ignored: 0 };
  const run = JSON.parse(text);
  return { passed: run.numPassedTests, failed: run.numFailedTests, ignored: run.numPendingTests };
}

function cargo(text) {
  const sum = { passed: 0, failed: 0, ignored: 0 };
  const line = /test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/g;
  for (const [, passed, failed, ignored] of text.matchAll(line)) {
    sum.passed += Number(passed);
    sum.failed += Number(failed);
    sum.ignored += Number(ignored);
  }
  return sum;
}

const parts = [page(read(pageFile)), ...cargoFiles.map((file) => cargo(read(file)))];
const total = (what) => parts.reduce((sum, part) => sum + part[what], 0);
console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('ignored')} ignored`);
process.exit(total('failed') === 0 ? 0 : 1);
