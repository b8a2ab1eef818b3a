/** Runs something with the next frame. Hidden windows get no frames, so a timer stands in for one. */
export function nextFrame(run: () => void): void {
  let ran = false;
  const once = () => {
    if (ran) return;
    ran = true;
    run();
  };
  requestAnimationFrame(once);
  setTimeout(once, 50);
}
