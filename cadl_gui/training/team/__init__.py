"""Workers: the processes that train one network together, each on an equal part of every batch.

All run the same training by TensorFlow's `MultiWorkerMirroredStrategy`; the first, the chief, alone evaluates
the network and writes the run. Before TensorFlow connects them, they meet; afterwards, it alone notices that
one has ended.
"""
