/**
 * A script for bash that starts the program of a run, and stays beside it: it kills the program when the executor has died,
 * which Spark leaves to the next write, or when the run is over, since Spark cancels a task without ending its program, which would
 * keep the slot. A busy loop of the user's does not keep it from that, as a timer of the program would be kept, and it costs
 * less than a thread of the program.
 *
 * It is sourced with the program `node`, the names of the loader, of the program and of the run's file in `$dir`, the leash, and
 * more for the program. What the program and the user's code print goes to stderr, since stdout, as file descriptor 3, is for rows alone.
 *
 * The leash is a file of the driver's that lasts as long as the run; where its directory is not seen, it says nothing.
 */
export const START_SCRIPT = Buffer.from(`node=$1 loader=$dir/$2 program=$dir/$3 run=$dir/$4 leash=$5
shift 4
# A run that is over before it begins is left to the program, which says so.
[ -e "$leash" ] || leash=/

# The program holds the writing end of a pipe, and this the other: reading waits for a time, or for the program's end.
exec 9> >(
  exec > /dev/null 2>&1
  # The system says so by the status of a process, behind its name in brackets.
  look_up() {
    status=
    IFS= read -r -d '' status < "/proc/$1/stat"
    set -- \${status##*) }
    parent=$2
    session=$4
  }
  # One whose parent has died has another parent.
  has_parent() {
    look_up $$
    [ "$parent" = "$PPID" ]
  }
  # Spark starts a program in its own session. Where the parent is of another one, the executor had died before this shell could ask
  # who that is, and it was told who takes orphans in.
  look_up $PPID
  of_parent=$session
  look_up $$
  [ -z "$of_parent" ] || [ "$session" = "$of_parent" ] || kill -9 $$

  look=has_parent
  has_parent || look="kill -0 $PPID"
  while read -r -t 0.5; [ $? -gt 128 ]; do
    $look && [ -e "$leash" ] && continue
    kill -9 $$
    break
  done
)
exec "$node" "$loader" "$program" "$run" "$@" 3>&1 1>&2
`);
