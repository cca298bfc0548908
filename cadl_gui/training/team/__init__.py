"""Workers: the processes that train one network together, and how they find and follow each other.

The chief alone has clock, history and run folder. It tells the others the steps of each call, so that all
take the same; they need no run folder. The workers meet on the ports that TensorFlow's servers use
afterwards, and stay connected: TensorFlow's own start has no message for a worker that never comes or has
other options, and does not notice a machine that has lost power. A worker that exits closes its connection;
the others abort the all-reduce or, if that hangs, exit. What the chief refuses alone it says at once, and
then waits for the others to tell them, because they import TensorFlow for longer than it takes to refuse.
"""
