[ (component) (agent) (job) (each_job) (reusable_hook) (hook) (op) ] @function.around
[ (component_block) (job_block) (op_block) ] @function.inside

[ (record) (enum) ] @class.around
(record_fields) @class.inside

(test) @test.around
(test_block) @test.inside

[ (parameter) (argument) ] @parameter.around
[ (field) (setting) ] @entry.around

[ (comment) (doc_comment) ] @comment.inside
(comment)+ @comment.around
(doc_comment)+ @comment.around
