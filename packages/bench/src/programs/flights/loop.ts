import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { timed } from '../../measure/report.js';
import { verdict } from './verdict.js';

const [, , path = ''] = process.argv;

await timed(async () => {
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const airports = new Map<string, { flights: number; minutes: number; farthest: number }>();
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const columns = ['origin', 'delay', 'distance'];
    const rows = await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
    for (const { origin, delay, distance } of rows as { origin: string; delay: bigint; distance: bigint }[]) {
      let airport = airports.get(origin);
      if (airport === undefined) airports.set(origin, (airport = { flights: 0, minutes: 0, farthest: 0 }));
      airport.flights += 1;
      airport.minutes += Number(delay);
      airport.farthest = Math.max(airport.farthest, Number(distance));
    }
    rowStart = rowEnd;
  }
  return verdict(
    [...airports].map(([origin, { flights, minutes, farthest }]) => [
      origin,
      { flights, delay: minutes / flights, farthest },
    ]),
  );
});
