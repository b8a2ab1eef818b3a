// Adds up what the test runs say: a line of how long they took, a line of counts in the end, and 1 as the exit code when
// anything failed.
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
  if (text === '') return { passed: 0, failed: 1, ignored: 0, seconds: 0 };
  const run = JSON.parse(text);
  return {
    passed: run.numPassedTests,
    failed: run.numFailedTests,
    ignored: run.numPendingTests,
    seconds: pageSeconds(run),
  };
}

/** From the start of the run to the end of its last file; 0 where it does not tell. */
function pageSeconds({ startTime, testResults }) {
  const ends = (testResults ?? []).map((file) => file.endTime).filter(Number.isFinite);
  return Number.isFinite(startTime) ? Math.max(0, ...ends.map((end) => end - startTime)) / 1000 : 0;
}

function cargo(text) {
  const sum = { passed: 0, failed: 0, ignored: 0, seconds: 0 };
  const line =
    /test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored(?:.*finished in ([\d.]+)s)?/g;
  for (const [, passed, failed, ignored, seconds] of text.matchAll(line)) {
    sum.passed += Number(passed);
    sum.failed += Number(failed);
    sum.ignored += Number(ignored);
    sum.seconds += Number(seconds ?? 0);
  }
  return sum;
}

const parts = [page(read(pageFile)), ...cargoFiles.map((file) => cargo(read(file)))];
const total = (what) => parts.reduce((sum, part) => sum + part[what], 0);
console.log(`the tests took ${(total('seconds') / 60).toFixed(1)} minutes together`);
console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('ignored')} ignored`);
process.exit(total('failed') === 0 ? 0 : 1);
