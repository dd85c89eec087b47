"""The example, with handlers that write down what they did in their own database: twice done is seen there."""
