/** Imports a package by name, or nothing, and reports the time since this process began. */
const name = process.argv[2]!;

if (name !== 'nothing') await import(name);
console.log(JSON.stringify({ seconds: performance.now() / 1000, result: 'imported' }));
