#!/bin/bash
#SBATCH --job-name=superpod-sweep
#SBATCH --nodes=4
#SBATCH --ntasks-per-node=32         # one rank a core; or 1, with --cpus-per-task=32 and SUPERPOD_JOBS=32
#SBATCH --time=04:00:00
#SBATCH --signal=B:TERM@120          # two minutes before the end
#SBATCH --requeue                    # and again, with --resume, until the sweep is complete
#SBATCH --open-mode=append

# sbatch slurm_job.sh SWEEP.yaml OUT.h5       (SUPERPOD: the program, if it is not in the path)
#
# The sweep, the library and OUT.h5 lie in a folder that all nodes share. Killed or out of time, a job that is submitted
# again goes on where this one stood. Partial results can be read from OUT.h5 at any time.
set -euo pipefail
sweep=$1
output=$2

go_on() {
  kill -TERM "$step" 2>/dev/null || true
  wait "$step" || true
  scontrol requeue "$SLURM_JOB_ID"
  exit 0
}
trap go_on TERM

# srun of a Slurm with PMIx starts ranks of Open MPI; elsewhere `mpirun` alone knows the nodes of the job.
srun --mpi=pmix "${SUPERPOD:-superpod}" sweep "$sweep" -o "$output" --resume ${SUPERPOD_JOBS:+--jobs "$SUPERPOD_JOBS"} &
step=$!
wait "$step"
