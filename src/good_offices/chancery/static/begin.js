// Dropping the file on the first page, and the button that prints a kit. Without this the file is chosen and the
// browser's own menu prints.
const drop = document.getElementById("drop");
const file = document.getElementById("file");
const hint = document.getElementById("drop-hint");

if (drop && file && hint) {
  hint.hidden = false;
  const over = (on) => (event) => {
    event.preventDefault();
    drop.classList.toggle("over", on);
  };
  drop.addEventListener("dragenter", over(true));
  drop.addEventListener("dragover", over(true));
  drop.addEventListener("dragleave", over(false));
  drop.addEventListener("drop", (event) => {
    over(false)(event);
    if (event.dataTransfer.files.length === 1) {
      file.files = event.dataTransfer.files;
      hint.textContent = `${hint.dataset.chosen} ${file.files[0].name}`;
    }
  });
  // A file that misses the field must not replace the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
}

const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
