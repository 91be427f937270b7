"""`python -m bot`: the same as `vigil`. Imports nothing above the guard, because the child
processes that parse feeds import this module again.
"""

if __name__ == "__main__":
    from bot.cli import main

    main()
