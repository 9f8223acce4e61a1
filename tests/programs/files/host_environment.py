"""No environment variable of the engine reaches a script."""

answer = sorted(
    set(os.environ)
    - {
        "LANG",
        "LC_CTYPE",
        "PATH",
        "USER",
        "LOGNAME",
        "HOME",
        "TMPDIR",
        "MPLBACKEND",
        "JOBLIB_MULTIPROCESSING",
        "OPENBLAS_NUM_THREADS",
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "JE_ARROW_MALLOC_CONF",
    }
)
