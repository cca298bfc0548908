"""Writes logs that TensorBoard shows, by TensorFlow's writer; TensorBoard itself is not needed."""
